import { assignmentWords, type Point } from "./words";

/** Bash splits words at "=", so a value stands by itself two words after its key. */
export function bashScript(points: readonly Point[]): string {
  const assignments = assignmentWords();
  return `# Completion of portcullis for bash. Load it with: source <(portcullis completion bash)
_portcullis() {
  local current=\${COMP_WORDS[COMP_CWORD]} path="" key="" kind="none" index word
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case "\${path:+$path }$word" in
      ${points.flatMap(({ path }) => (path ? [quoted(path)] : [])).join(" | ")}) path="\${path:+$path }$word" ;;
    esac
  done
  if [[ $current == "=" ]]; then
    key=\${COMP_WORDS[COMP_CWORD - 1]}
    current=""
  elif [[ \${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
    key=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  local commands="" options="" words=""
  case "$path" in
${points.map(pointCase).join("\n")}
  esac
  COMPREPLY=()
  if [[ -n $key ]]; then
    [[ $kind == assignments ]] || return
    case "$key" in
${assignments.map(({ key, values }) => `      ${key}) words="${values.join(" ")}" ;;`).join("\n")}
    esac
  elif [[ $current == -* ]]; then
    words=$options
  elif [[ $kind == keys ]]; then
    words="${assignments.map(({ key }) => key).join(" ")}"
  elif [[ $kind == assignments ]]; then
    words="${assignments.map(({ key }) => `${key}=`).join(" ")}"
    compopt -o nospace
  elif [[ $kind == files ]]; then
    compopt -o default
    return
  else
    words="$commands$words"
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _portcullis portcullis
`;
}

function pointCase({ path, commands, options, arguments: kind }: Point): string {
  const list = (words: readonly { value: string }[]) => words.map(({ value }) => value).join(" ");
  return `    ${quoted(path)})
      commands="${list(commands)}" options="${list(options)}" kind=${typeof kind === "string" ? kind : "none"}
      words="${typeof kind === "string" ? "" : list(kind)}"
      ;;`;
}

function quoted(text: string): string {
  return `"${text}"`;
}
