/**
 * Loaded into the panel before Next: makes `x-forwarded-for` say whence a request really came. Next believes whatever a
 * client writes there, and then everybody could count as somebody else at the sign-in. What a proxy adds is taken only
 * from those that PORTCULLIS_PROXIES names (addresses and networks with blanks between).
 */
import { Server } from "node:http";
import { BlockList, isIP } from "node:net";

const proxies = new BlockList();
for (const word of (process.env.PORTCULLIS_PROXIES ?? "").split(/[\s,]+/).filter(Boolean)) {
  const [address, bits] = word.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (bits === undefined) proxies.addAddress(address, family);
  else proxies.addSubnet(address, Number(bits), family);
}

function plain(address) {
  return address.trim().replace(/^::ffff:(?=\d+\.)/i, "");
}

function isProxy(address) {
  const family = isIP(address);
  return family !== 0 && proxies.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** From the connection backwards, the first address that isn't a proxy of ours. */
function clientAddress(request) {
  const said = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map(plain)
    .filter((address) => isIP(address) !== 0);
  let address = plain(request.socket.remoteAddress ?? "");
  while (isProxy(address) && said.length > 0) address = said.pop();
  return address;
}

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, request, ...rest) {
  if (event === "request") request.headers["x-forwarded-for"] = clientAddress(request);
  return emit.call(this, event, request, ...rest);
};
