// The tree as the architecture tests read it: paths from the root with forward slashes, and what files import.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, posix } from 'node:path'

export const root = import.meta.dirname

// Made by programs or belonging to others; `data` and its like stand at the root only.
const foreign = new Set(['node_modules', '.git', 'dist', 'coverage', 'test-results'])
const foreignAtRoot = new Set(['data', 'data-demo'])

/** Every file of the tree. Links are not followed. */
export const files: readonly string[] = walk('')

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.isFile()) return [path]
    const skip = !entry.isDirectory() || foreign.has(entry.name) || foreignAtRoot.has(path)
    return skip ? [] : walk(path)
  })
}

export const under = (folder: string): string[] => files.filter((path) => path.startsWith(`${folder}/`))

/** Names of the folders directly in `folder` that hold at least one file. */
export const foldersIn = (folder: string): string[] => [
  ...new Set(under(folder).flatMap((path) => /^([^/]+)\//.exec(path.slice(folder.length + 1))?.[1] ?? [])),
]

export const exists = (path: string): boolean => files.includes(path)
export const read = (path: string): string => readFileSync(join(root, path), 'utf8')
export const readJson = (path: string) => JSON.parse(read(path))
export const bytesOf = (path: string): number => statSync(join(root, path)).size

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.startsWith('e2e/')
export const isConfig = (path: string): boolean => /\.config\.m?ts$/.test(path)

/** Programs written by hand: no generated files, no fixtures, no planted breaches. */
export const code: readonly string[] = files.filter(
  (path) => /\.(?:ts|tsx|mjs)$/.test(path) && !/\.gen\.ts$|(?:^|\/)fixtures\/|^canary\//.test(path),
)

/** A program's text with its comments blanked out, lines kept. Good enough for searching, not for running. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
}

export interface Import {
  readonly specifier: string
  /** The file it names, or null for a package or a builtin. */
  readonly file: string | null
  /** Vanishes before the program runs. */
  readonly typeOnly: boolean
}

const importing =
  /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\s*\(\s*['"]([^'"\n]+)['"]/g

const aliases = Object.entries(readJson('package.json').imports as Record<string, string>).map(([from, to]) => ({
  pattern: new RegExp(`^${from.replace('*', '(.+)')}$`),
  to: to.replace(/^\.\//, ''),
}))

/** What a file imports, statically or at run time. */
export function importsOf(path: string): Import[] {
  return [...withoutComments(read(path)).matchAll(importing)].map(([, type, named, called]) => {
    const specifier = (named ?? called ?? '').replace(/\?.*$/, '')
    return { specifier, file: fileOf(path, specifier), typeOnly: type !== undefined }
  })
}

function fileOf(importer: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(importer), specifier)
  const alias = aliases.find(({ pattern }) => pattern.test(specifier))
  return alias ? alias.to.replace('*', alias.pattern.exec(specifier)?.[1] ?? '') : null
}

/** Lines of a file, 1 for the first, with what `pattern` finds in them. */
export function linesWith(path: string, text: string, pattern: RegExp): string[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : []))
}

export const nameOf = (path: string): string => basename(path)
