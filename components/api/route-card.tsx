interface RouteCardProps {
  route: {
    id: string;
    method: string;
    path: string;
    summary: string;
    description: string;
    permission: string;
    changes: boolean;
    needsIfMatch: boolean;
    groups: readonly {
      label: string;
      fields: readonly { name: string; type: string; isRequired: boolean; description: string }[];
    }[];
  };
}

/** One route of the API, with what it takes. */
export function RouteCard({ route }: RouteCardProps) {
  const { id, method, path, summary, description, permission, changes, needsIfMatch, groups } = route;
  return (
    <article id={id} aria-labelledby={`${id}-title`} className="space-y-2 border-line border-t pt-3">
      <h3 id={`${id}-title`} className="font-mono text-sm">
        {method} {path}
      </h3>
      <p>
        {summary}. {description}
      </p>
      <p className="text-sm text-ink-soft">
        Needs {permission}
        {changes ? " and a token that may change something" : ""}.{needsIfMatch ? " Takes If-Match." : ""}
      </p>
      {groups.map(({ label, fields }) => (
        <dl key={label} className="text-sm" aria-label={label}>
          {fields.map(({ name, type, isRequired, description: words }) => (
            <div key={name} className="py-0.5">
              <dt className="inline font-mono">{name}</dt>
              <dd className="inline">
                {" "}
                <span className="text-ink-soft">
                  {label.toLowerCase()}
                  {isRequired ? ", required" : ""}: {type}
                </span>
                {words ? `; ${words}` : ""}
              </dd>
            </div>
          ))}
        </dl>
      ))}
    </article>
  );
}
