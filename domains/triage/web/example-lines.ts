// Examples as they are pasted: one a line, without bullets, without the same twice.
const LEAST = 3
const MOST = 2000

export function exampleLines(text: string): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•–]|\d+[.)])\s+/, '').trim())
    .filter((line) => line.length >= LEAST)
    .map((line) => line.slice(0, MOST))
  return [...new Set(lines)]
}
