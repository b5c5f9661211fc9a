import { NoSuchPage } from "@/components/frame/no-such-page";

/** Within the panel, with its navigation around it. */
export default function NotFoundInPanel() {
  return (
    <div className="space-y-3">
      <NoSuchPage />
    </div>
  );
}
