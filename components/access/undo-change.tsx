import { Button } from "@/components/ui/button";
import type { AccessAction } from "./access-form";
import { RowForm } from "./row-form";

interface UndoChangeProps {
  changeId: number;
  /** It was taken back already, or may not be. */
  isOver: boolean;
  undo: AccessAction;
}

const FORM = "undo";

/** Takes a whole change back, but for what later changes touched. */
export function UndoChange({ changeId, isOver, undo }: UndoChangeProps) {
  return (
    <div className="space-y-2">
      {isOver ? null : (
        <Button look="quiet" form={FORM} name="changeId" value={changeId}>
          Take this change back
        </Button>
      )}
      <RowForm id={FORM} action={undo} undo={undo} label="Take it back" />
    </div>
  );
}
