import { ImpactFacts } from "@/components/use/impact-facts";
import type { Protocol } from "@/lib/core/access/rules";
import type { MailNode } from "@/lib/server/node";
import { type ImpactScope, protocolImpact } from "@/lib/server/use/impact";
import { impactView } from "@/lib/server/use/impact-view";

interface ClosingImpactProps {
  node: MailNode;
  protocol: Protocol;
  scope: ImpactScope;
}

/** Who uses a protocol that is open: whom it would meet to close it. */
export async function ClosingImpact({ node, protocol, scope }: ClosingImpactProps) {
  return <ImpactFacts impacts={[impactView(await protocolImpact(node, protocol, scope))]} />;
}
