/** The product's mark: a portcullis half raised. Decoration; the name stands beside it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M4 29V14a12 12 0 0 1 24 0v15" strokeWidth="2.600" strokeLinecap="round" />
      <path
        d="M10 7v16l1 2.500 1-2.500V6M15 4.500V23l1 2.500 1-2.500V4.500M20 6v17l1 2.500 1-2.500V7"
        strokeWidth="1.500"
        strokeLinejoin="round"
      />
      <path d="M5 13h22M5 19h22" strokeWidth="1.800" />
    </svg>
  );
}
