/** The one line that brings a chat into a page. */
export function scriptTag(origin: string, publicKey: string): string {
  return `<script async src="${loaderUrl(origin)}" data-key="${publicKey}"></script>`
}

export function loaderUrl(origin: string): string {
  return `${origin}/widget/v1/loader.js`
}

/** Where a system of others delivers what was written there. */
export function webhookUrl(origin: string, publicKey: string): string {
  return `${origin}/in/${publicKey}`
}

/** A signed delivery with nothing but a shell, openssl and curl. */
export function sampleCurl(origin: string, publicKey: string): string {
  return `SECRET='whsec_…'
BODY='{"type":"message","id":"try-1","thread":{"key":"try"},"author":{"id":"me","name":"Me"},"text":"Hello"}'
ID="try_$(date +%s)"; TIME="$(date +%s)"
KEY="$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')"
SIGN="$(printf %s "$ID.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)"
curl -i '${webhookUrl(origin, publicKey)}' -H 'content-type: application/json' \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $TIME" -H "webhook-signature: v1,$SIGN" -d "$BODY"`
}
