import { createHash } from "node:crypto";
import { MachineFailure } from "@/lib/core/apply/ports";
import { appleProfile } from "@/lib/core/client-config/apple-profile";
import { signed } from "@/lib/system/tls/sign";
import type { ClientOptions, Told } from "./config";

/** Whether Apple devices get a profile, and whether it is signed. */
export interface ProfileState {
  state: "signed" | "unsigned" | "none" | "failing";
  sentence: string;
}

export async function profileState(told: Told): Promise<ProfileState> {
  if (!told.config) return { state: "none", sentence: "There is nothing to tell." };
  if (!told.outgoing)
    return {
      state: "none",
      sentence: "None: Apple's format can't do without an outgoing server, and none is set.",
    };
  if (told.options.signCertificate === "")
    return { state: "unsigned", sentence: "Given out unsigned: devices say that it isn't verified." };
  try {
    await signedProfile("", told.options);
    return { state: "signed", sentence: `Signed with ${told.options.signCertificate}.` };
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return { state: "failing", sentence: error.message };
  }
}

/**
 * The profile of a domain, or with `address` of one account; undefined where there is none.
 * @throws MachineFailure where it is to be signed and can't be: it is not given out without.
 */
export async function profileFor(
  { config, outgoing, options }: Told,
  address: string | null,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!config || !outgoing) return undefined;
  return await signedProfile(
    appleProfile({ config: { ...config, outgoing }, address, uuid: uuidOf }),
    options,
  );
}

async function signedProfile(text: string, options: ClientOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { signCertificate: certificate, signKey: key } = options;
  if (certificate === "") return new TextEncoder().encode(text);
  return await signed(text, { certificate, key });
}

/** Version 8 of RFC 9562: ours to fill, here from a digest. */
function uuidOf(text: string): string {
  const bytes = createHash("sha256").update(`portcullis client profile\0${text}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex").toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
