/** The page on which Istio explains what `istioctl analyze` calls by this code. */
export function analysisLink(code: `IST${string}`): {
  title: string;
  url: string;
} {
  return {
    title: code,
    url: `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`,
  };
}
