import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Only pages that read the running daemon exist here: nothing may be served from a cache.
  devIndicators: false,
  // No picture is made by the server, so nobody needs to be able to ask for one.
  images: { unoptimized: true },
  // A file of rules for some hundred thousand accounts; larger ones are for the command line, which reads them in pieces.
  // Which form takes how much stands in bin/serve/front-door.mjs. Without the second, Next passes on 10 MB and cuts the rest off.
  experimental: { serverActions: { bodySizeLimit: "17mb" }, proxyClientMaxBodySize: "17mb" },
  async rewrites() {
    return [
      { source: "/.well-known/autoconfig/mail/config-v1.1.xml", destination: "/mail/config-v1.1.xml" },
      // Outlook writes it with capitals here and there; whatever they are, this matches.
      { source: "/autodiscover/autodiscover.xml", destination: "/autodiscover/autodiscover.xml" },
    ];
  },
};

export default config;
