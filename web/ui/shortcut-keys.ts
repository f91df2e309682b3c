// The grammar of shortcuts: a chord is `mod+shift+k`, a sequence is chords with spaces between them (`g i`).
// `mod` is ⌘ on Apple machines and Ctrl elsewhere. Everything here is pure, so it can be tested without a browser.

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>

export type Binding = {
  /** Stable name, under which a person's own keys are stored: `list.next`. */
  id: string
  /** Default keys; null for an ability that has none until somebody gives it some. */
  keys: string | null
  label: string
  group: string
  run: () => void
}

export type Layer = { blocking: boolean; bindings: Binding[] }
export type Remap = Record<string, string | null>
export type Outcome = { kind: 'run'; binding: Binding } | { kind: 'wait' } | { kind: 'none' }

const named: Record<string, string> = {
  ' ': 'space',
  Escape: 'esc',
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}
const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process'])

function isApple(platform = globalThis.navigator?.platform ?? ''): boolean {
  return /mac|iphone|ipad/i.test(platform)
}

/** The chord of a key press, or null while only modifiers are held. On other scripts the key's place decides. */
export function chordOf(press: KeyPress, apple = isApple()): string | null {
  if (modifiers.has(press.key)) return null
  const place = /^Key([A-Z])$/.exec(press.code)?.[1] ?? (press.altKey ? /^Digit(\d)$/.exec(press.code)?.[1] : undefined)
  const latin = /^[\x20-\x7e]$/.test(press.key)
  const key = place && (!latin || press.altKey) ? place.toLowerCase() : (named[press.key] ?? press.key.toLowerCase())
  const mod = apple ? press.metaKey : press.ctrlKey
  const ctrl = apple && press.ctrlKey
  // A sign that is typed with shift (`?`) is named by itself; a letter or a named key keeps its shift.
  const shift = press.shiftKey && (key.length > 1 || /[a-z]/.test(key))
  return [mod && 'mod', ctrl && 'ctrl', press.altKey && 'alt', shift && 'shift', key].filter(Boolean).join('+')
}

/** Whether the chord may be used while somebody types: only with a modifier that writes nothing. */
export function worksWhileTyping(chord: string): boolean {
  return /^(?:mod|ctrl)\+/.test(chord) || /^f\d+$/.test(chord)
}

export function keysOf(binding: Pick<Binding, 'id' | 'keys'>, remap: Remap): string | null {
  return binding.id in remap ? (remap[binding.id] ?? null) : binding.keys
}

/**
 * What a typed sequence means. Layers come topmost first; the first that knows the sequence, or its beginning,
 * decides, and a blocking layer (an open dialog) hides everything below it.
 */
export function resolveKeys(layers: Layer[], typed: string[], remap: Remap = {}): Outcome {
  const sequence = typed.join(' ')
  for (const layer of layers) {
    // The newest binding of a layer wins, so a part of a screen can refine what the screen says.
    const known = layer.bindings.toReversed().map((binding) => ({ binding, keys: keysOf(binding, remap) }))
    const exact = known.find(({ keys }) => keys === sequence)
    if (exact) return { kind: 'run', binding: exact.binding }
    if (known.some(({ keys }) => keys?.startsWith(`${sequence} `))) return { kind: 'wait' }
    if (layer.blocking) break
  }
  return { kind: 'none' }
}

/** Ids of other bindings that the same keys would reach, or that would begin with them. */
export function clashesWith(bindings: Binding[], id: string, keys: string, remap: Remap): Binding[] {
  return bindings.filter((other) => {
    const theirs = other.id === id ? null : keysOf(other, remap)
    return theirs !== null && (theirs === keys || theirs.startsWith(`${keys} `) || keys.startsWith(`${theirs} `))
  })
}

const appleSigns: Record<string, string> = { mod: '⌘', ctrl: '⌃', alt: '⌥', shift: '⇧' }
const plainSigns: Record<string, string> = { mod: 'Ctrl', ctrl: 'Ctrl', alt: 'Alt', shift: 'Shift' }
const keySigns: Record<string, string> = {
  enter: 'Enter',
  esc: 'Esc',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
}

/** Keys as they are printed, one entry a cap. */
export function spellKeys(keys: string, apple = isApple()): string[] {
  const signs = apple ? appleSigns : plainSigns
  return keys
    .split(' ')
    .flatMap((chord) => chord.split(/\+(?!$)/))
    .map((part) => signs[part] ?? keySigns[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}
