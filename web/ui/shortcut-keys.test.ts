import { describe, expect, it } from 'vitest'
import {
  chordOf,
  clashesWith,
  resolveKeys,
  spellKeys,
  worksWhileTyping,
  type Binding,
  type KeyPress,
} from './shortcut-keys.ts'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : '',
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})
const bind = (id: string, keys: string | null): Binding => ({ id, keys, label: id, group: 'g', run: () => {} })
const layer = (bindings: Binding[], blocking = false) => ({ bindings, blocking })

describe('a chord', () => {
  it('is the plain letter without modifiers', () => expect(chordOf(press('j'), false)).toBe('j'))
  it('keeps shift on letters', () => expect(chordOf(press('E', { shiftKey: true }), false)).toBe('shift+e'))
  it('names a shifted sign by itself', () => expect(chordOf(press('?', { shiftKey: true }), false)).toBe('?'))
  it('calls Ctrl and Command by one name', () => {
    expect(chordOf(press('k', { ctrlKey: true }), false)).toBe('mod+k')
    expect(chordOf(press('k', { metaKey: true }), true)).toBe('mod+k')
    expect(chordOf(press('k', { ctrlKey: true }), true)).toBe('ctrl+k')
  })
  it('uses the place of the key on a Cyrillic keyboard', () =>
    expect(chordOf(press('о', { code: 'KeyJ' }), false)).toBe('j'))
  it('follows the letter, not the place, on a Dvorak keyboard', () =>
    expect(chordOf(press('j', { code: 'KeyC' }), false)).toBe('j'))
  it('is nothing while only a modifier is held', () =>
    expect(chordOf(press('Shift', { shiftKey: true }), false)).toBeNull())
  it('may be used while typing only with a modifier that writes nothing', () => {
    expect(worksWhileTyping('mod+enter')).toBe(true)
    expect(worksWhileTyping('shift+e')).toBe(false)
    expect(worksWhileTyping('j')).toBe(false)
  })
})

describe('a sequence', () => {
  const layers = [layer([bind('list', 'j')]), layer([bind('inbox', 'g i'), bind('top', 'g g'), bind('help', '?')])]

  it('waits after its first key', () => expect(resolveKeys(layers, ['g'])).toEqual({ kind: 'wait' }))
  it('runs when it is complete', () =>
    expect(resolveKeys(layers, ['g', 'i'])).toMatchObject({ binding: { id: 'inbox' } }))
  it('means nothing when it is unknown', () => expect(resolveKeys(layers, ['g', 'x'])).toEqual({ kind: 'none' }))
  it('is reached below a layer that does not know it', () =>
    expect(resolveKeys(layers, ['?'])).toMatchObject({ binding: { id: 'help' } }))
  it('is not reached below a layer that blocks', () => {
    expect(resolveKeys([layer([bind('close', 'esc')], true), ...layers], ['j'])).toEqual({ kind: 'none' })
  })
  it('belongs to the topmost layer that knows it', () => {
    expect(resolveKeys([layer([bind('mine', '?')]), ...layers], ['?'])).toMatchObject({ binding: { id: 'mine' } })
  })
  it('follows the keys that a person chose, and forgets the default', () => {
    const remap = { inbox: 'i', help: null }
    expect(resolveKeys(layers, ['i'], remap)).toMatchObject({ binding: { id: 'inbox' } })
    expect(resolveKeys(layers, ['g', 'i'], remap)).toEqual({ kind: 'none' })
    expect(resolveKeys(layers, ['?'], remap)).toEqual({ kind: 'none' })
  })
})

it('a new key clashes with the same key and with sequences that begin with it', () => {
  const all = [bind('inbox', 'g i'), bind('resolve', 'e'), bind('none', null)]
  expect(clashesWith(all, 'new', 'g', {}).map((b) => b.id)).toEqual(['inbox'])
  expect(clashesWith(all, 'new', 'e', {}).map((b) => b.id)).toEqual(['resolve'])
  expect(clashesWith(all, 'resolve', 'e', {})).toEqual([])
  expect(clashesWith(all, 'new', 'e', { resolve: null })).toEqual([])
})

it('keys are spelled as they are printed on the machine', () => {
  expect(spellKeys('mod+shift+p', true)).toEqual(['⌘', '⇧', 'P'])
  expect(spellKeys('mod+enter', false)).toEqual(['Ctrl', 'Enter'])
  expect(spellKeys('g i', false)).toEqual(['G', 'I'])
  expect(spellKeys('mod++', false)).toEqual(['Ctrl', '+'])
})
