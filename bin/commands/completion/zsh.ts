import { assignmentWords, type Point, type Word } from "./words";

export function zshScript(points: readonly Point[]): string {
  const assignments = assignmentWords();
  const keys = assignments.map(({ key, label }) => ({ value: key, description: label }));
  return `#compdef portcullis
# Completion of portcullis for zsh. Load it with: source <(portcullis completion zsh)
_portcullis() {
  local current=\${words[CURRENT]} at="" word
  for word in \${words[2,CURRENT-1]}; do
    case "\${at:+$at }$word" in
      ${points.flatMap(({ path }) => (path ? [`"${path}"`] : [])).join(" | ")}) at="\${at:+$at }$word" ;;
    esac
  done
  local -a commands options others keys values
  local kind=none
  keys=(${described(keys)})
  case "$at" in
${points.map(pointCase).join("\n")}
  esac
  if [[ $current == -* ]]; then
    _describe option options
  elif [[ $kind == assignments && $current == *=* ]]; then
    case "\${current%%=*}" in
${assignments.map(({ key, values }) => `      ${key}) values=(${values.map((value) => `"${value}"`).join(" ")}) ;;`).join("\n")}
    esac
    compset -P "*="
    compadd -a values
  elif [[ $kind == assignments ]]; then
    _describe setting keys -S "="
  elif [[ $kind == keys ]]; then
    _describe setting keys
  elif [[ $kind == files ]]; then
    _files
  else
    (( $#commands )) && _describe command commands
    (( $#others )) && _describe word others
  fi
}
compdef _portcullis portcullis
`;
}

function pointCase({ path, commands, options, arguments: kind }: Point): string {
  return `    "${path}")
      commands=(${described(commands)})
      options=(${described(options)})
      others=(${typeof kind === "string" ? "" : described(kind)})
      kind=${typeof kind === "string" ? kind : "none"}
      ;;`;
}

/** `word:what it is`, in single quotes. */
function described(words: readonly Word[]): string {
  return words
    .map(({ value, description }) => `'${value}:${description.replaceAll("'", "’").replaceAll(":", "\\:")}'`)
    .join(" ");
}
