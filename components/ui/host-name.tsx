import { Fragment } from "react";

/** A name of DNS: it breaks after its dots, elsewhere only where even a part of it is too wide. */
export function HostName({ name }: { name: string }) {
  return (
    <span className="wrap-anywhere">
      {name.split(/(?<=\.)/).map((part, index) => (
        <Fragment key={`${index} ${part}`}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  );
}
