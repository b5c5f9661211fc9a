import { describe, expect, it } from "vitest";
import { clientAddress, placeOf } from "@/lib/server/web/client-address";

const PEER = "x-portcullis-peer-made-up";

function addressOf(
  { peer, forwarded }: { peer?: string; forwarded?: string },
  trusted = "",
): string | undefined {
  const headers = new Headers({
    ...(peer === undefined ? {} : { [PEER]: peer }),
    ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }),
  });
  return clientAddress(headers, { PORTCULLIS_PEER_HEADER: PEER, PORTCULLIS_TRUSTED_PROXIES: trusted });
}

describe("where a request came from", () => {
  it.each([
    ["the connection's own address", { peer: "192.0.2.7" }, "", "192.0.2.7"],
    ["IPv4 as an IPv6 socket spells it", { peer: "::ffff:192.0.2.7" }, "", "192.0.2.7"],
    ["IPv6 with its interface", { peer: "fe80::1%eth0" }, "", "fe80::1"],
    ["not known without it", { forwarded: "203.0.113.9" }, "192.0.2.0/24", undefined],
    ["not what anybody says, by default", { peer: "192.0.2.7", forwarded: "203.0.113.9" }, "", "192.0.2.7"],
    ["what our proxy says", { peer: "192.0.2.7", forwarded: "203.0.113.9" }, "192.0.2.7", "203.0.113.9"],
    [
      "not what the client told our proxy before",
      { peer: "192.0.2.7", forwarded: "10.9.9.9, 203.0.113.9" },
      "192.0.2.7",
      "203.0.113.9",
    ],
    [
      "through several of ours",
      { peer: "::1", forwarded: "10.9.9.9, 2001:db8::9, 192.0.2.7:4711" },
      "::1, 192.0.2.0/24",
      "2001:db8::9",
    ],
    ["our proxy itself where it tells nobody", { peer: "192.0.2.7" }, "192.0.2.0/24", "192.0.2.7"],
    [
      "the last that can be read",
      { peer: "192.0.2.7", forwarded: "203.0.113.9, unknown" },
      "192.0.2.7",
      "192.0.2.7",
    ],
    [
      "the farthest where all are ours",
      { peer: "::1", forwarded: "192.0.2.8" },
      "::1 192.0.2.8",
      "192.0.2.8",
    ],
  ] as const)("%s", (_what, given, trusted, expected) => {
    expect(addressOf(given, trusted)).toBe(expected);
  });

  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["fe80::1", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["1::", "1:0:0:0::/64"],
  ])("tries from %s are counted as from %s", (address, place) => {
    expect(placeOf(address)).toBe(place);
  });

  it("nobody can say it who doesn't know the header's name", () => {
    const headers = new Headers({ "x-portcullis-peer": "192.0.2.7" });
    expect(clientAddress(headers, { PORTCULLIS_PEER_HEADER: PEER })).toBeUndefined();
    expect(clientAddress(headers, {})).toBeUndefined();
  });
});
