export default function LinkNotFound() {
  return (
    <div className="space-y-3">
      <h1>This link can’t be used</h1>
      <p>It is incomplete, or has expired. Ask whoever runs your mail server for a new one.</p>
    </div>
  );
}
