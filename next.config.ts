import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Only pages that read the running daemon exist here: nothing may be served from a cache.
  devIndicators: false,
};

export default config;
