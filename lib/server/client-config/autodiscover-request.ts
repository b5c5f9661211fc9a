import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";

/** What Outlook asks with: for whom, and in which form the answer is to be. */
export interface AutodiscoverRequest {
  address: string;
  schema: string;
}

/** Reads the body of a question (MS-OXDSCLI 2.2.3); undefined where it is none. A document type is not taken. */
export function readAutodiscoverRequest(xml: string): AutodiscoverRequest | undefined {
  if (/<!DOCTYPE/i.test(xml)) return undefined;
  try {
    const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, "text/xml");
    const textOf = (name: string) =>
      document.getElementsByTagNameNS("*", name).item(0)?.textContent?.trim() ?? "";
    const address = textOf("EMailAddress");
    return address === "" ? undefined : { address, schema: textOf("AcceptableResponseSchema") };
  } catch {
    return undefined;
  }
}
