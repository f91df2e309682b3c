// How long a Mastodon server takes a post to be, by its own rules: what a reader sees, links as 23, names without their server,
// and the warning as it stands.
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

export function checkLength(text: string, warning: string): number {
  const counted = text
    .replace(/https?:\/\/\S+/g, 'x'.repeat(23))
    .replace(/(?<![\w/])@([\w.-]*\w)@[\w.-]+(?::\d+)?/g, '@$1')
  return [...graphemes.segment(warning + counted)].length
}
