import { describe, expect, it } from 'vitest'
import { fuzzyFilter, fuzzyMatch } from './fuzzy.ts'

const commands = [
  'Go to inbox',
  'Resolve and open next',
  'Reopen',
  'Assign to me',
  'Switch to dark theme',
  'Émile Zola',
]
const find = (query: string) => fuzzyFilter(query, commands, (text) => [text]).map(({ item }) => item)

describe('the fuzzy filter', () => {
  it('keeps everything in its order while nothing is typed', () => expect(find('  ')).toEqual(commands))
  it('finds by the first letters of words', () => expect(find('gti')[0]).toBe('Go to inbox'))
  it('puts a word that begins so before a word that contains it', () =>
    expect(find('open')[0]).toBe('Resolve and open next'))
  it('does not care for accents or case', () => expect(find('emile')).toEqual(['Émile Zola']))
  it('drops what lacks a letter', () => expect(find('inboxx')).toEqual([]))
  it('finds letters that are far apart', () => expect(find('swdk')).toEqual(['Switch to dark theme']))
  it('says which letters were meant', () => expect(fuzzyMatch('inb', 'Go to inbox')?.at).toEqual([6, 7, 8]))
  it('finds by a keyword, after those whose label fits', () => {
    const items = [
      { name: 'Appearance', also: 'dark' },
      { name: 'Dark theme', also: '' },
    ]
    expect(fuzzyFilter('dark', items, (i) => [i.name, i.also]).map(({ item }) => item.name)).toEqual([
      'Dark theme',
      'Appearance',
    ])
  })
})
