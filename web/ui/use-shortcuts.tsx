import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { chordOf, resolveKeys, worksWhileTyping, type Binding, type Layer, type Remap } from './shortcut-keys.ts'
import { stored, useStored, type Stored } from './stored.ts'

/** What a person chose: `off` silences keys that write a character; `keys` replaces defaults, null for none. */
export type ShortcutChoices = { off: boolean; keys: Remap }

const pauseBetweenKeys = 1000

// Ranks are given while rendering, which goes from the outside in: a part ranks above the screen that it stands in,
// and what is opened later above both. The order of effects would say the opposite.
let lastRank = 0

type RankedLayer = Layer & { rank: number }
type Registry = { layers: RankedLayer[]; listeners: Set<() => void>; changed(): void; version: number; paused: boolean }
type Shortcuts = { registry: Registry; choices: Stored<ShortcutChoices> }
const ShortcutContext = createContext<Shortcuts | null>(null)

/** Listens for the whole page. `owner` is the person's id: choices are kept for each person of this browser. */
export function ShortcutProvider({ owner, children }: { owner: string; children: ReactNode }) {
  const [registry] = useState(newRegistry)
  const value = useMemo(() => ({ registry, choices: stored(`shortcuts.${owner}`, checkChoices) }), [registry, owner])
  useEffect(() => listen(registry, value.choices), [registry, value])
  return <ShortcutContext value={value}>{children}</ShortcutContext>
}

/**
 * Adds a layer of shortcuts while the component is there; the innermost and latest is asked first. Pass a new array on
 * every render freely: only the layer is registered, the bindings are read when a key is pressed.
 * @param blocking true for whatever covers the page: nothing below is reached.
 */
export function useShortcuts(bindings: Binding[], { blocking = false, enabled = true } = {}): void {
  const shortcuts = useContext(ShortcutContext)
  const [rank] = useState(() => ++lastRank)
  const layer = useRef<RankedLayer>({ blocking, bindings, rank })
  const known = bindings.map(({ id, keys, label }) => `${id} ${keys} ${label}`).join('\n')
  useEffect(() => {
    layer.current.bindings = bindings
    layer.current.blocking = blocking
  })
  useEffect(() => {
    if (!shortcuts || !enabled) return
    const { registry } = shortcuts
    const mine = layer.current
    registry.layers = [...registry.layers, mine].toSorted((a, b) => b.rank - a.rank)
    registry.changed()
    return () => {
      registry.layers = registry.layers.filter((other) => other !== mine)
      registry.changed()
    }
  }, [shortcuts, enabled, known])
}

/** Everything that is bound at the moment, topmost first, for the help page and the palette. */
export function useBoundShortcuts(): Binding[] {
  const { registry } = useShortcutContext()
  const version = useSyncExternalStore(
    (listener) => {
      registry.listeners.add(listener)
      return () => registry.listeners.delete(listener)
    },
    () => registry.version,
  )
  return useMemo(() => {
    const seen = new Map<string, Binding>()
    for (const { bindings } of registry.layers) for (const b of bindings) if (!seen.has(b.id)) seen.set(b.id, b)
    return [...seen.values()].map((binding) => ({ ...binding, run: () => runLatest(registry, binding.id) }))
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the registry is mutable, its version says when it changed
  }, [registry, version])
}

/** What was listed a while ago still runs what it means now. */
function runLatest(registry: Registry, id: string): void {
  registry.layers
    .flatMap(({ bindings }) => bindings)
    .find((binding) => binding.id === id)
    ?.run()
}

export function useShortcutChoices(): [ShortcutChoices, (choices: ShortcutChoices) => void] {
  return useStored(useShortcutContext().choices)
}

/** The keys that reach a binding now, or null when it has none or single keys are switched off. */
export function useKeysFor(id: string, keys: string | null | undefined): string | null {
  const shortcuts = useContext(ShortcutContext)
  const [choices] = useStored(shortcuts?.choices ?? noChoices)
  const now = id in choices.keys ? choices.keys[id] : keys
  return now && (!choices.off || worksWhileTyping(now)) ? now : null
}

/** While true no shortcut runs: something is recording keys. */
export function useShortcutPause(paused: boolean): void {
  const { registry } = useShortcutContext()
  useEffect(() => {
    registry.paused = paused
    return () => {
      registry.paused = false
    }
  }, [registry, paused])
}

const noChoices: Stored<ShortcutChoices> = { get: () => defaults, set: () => {}, subscribe: () => () => {} }
const defaults: ShortcutChoices = { off: false, keys: {} }

function checkChoices(found: unknown): ShortcutChoices {
  const { off, keys } = (found ?? {}) as Partial<ShortcutChoices>
  return { off: off === true, keys: typeof keys === 'object' && keys !== null ? keys : {} }
}

function useShortcutContext(): Shortcuts {
  const shortcuts = useContext(ShortcutContext)
  if (!shortcuts) throw new Error('ShortcutProvider is missing above this component')
  return shortcuts
}

function newRegistry(): Registry {
  const registry: Registry = {
    layers: [],
    listeners: new Set(),
    version: 0,
    paused: false,
    changed() {
      registry.version += 1
      for (const listener of registry.listeners) listener()
    },
  }
  return registry
}

function listen(registry: Registry, choices: Stored<ShortcutChoices>): () => void {
  let typed: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const onKeyDown = (event: KeyboardEvent) => {
    if (registry.paused || event.defaultPrevented || event.isComposing) return
    const chord = chordOf(event)
    if (!chord) return
    const { off, keys } = choices.get()
    if (!worksWhileTyping(chord) && (off || isTakenBy(event.target, chord))) return
    clearTimeout(timer)
    let outcome = resolveKeys(registry.layers, [...typed, chord], keys)
    if (outcome.kind === 'none' && typed.length > 0) {
      typed = []
      outcome = resolveKeys(registry.layers, [chord], keys)
    }
    if (outcome.kind === 'none') return
    event.preventDefault()
    typed = outcome.kind === 'wait' ? [...typed, chord] : []
    if (outcome.kind === 'wait') timer = setTimeout(() => (typed = []), pauseBetweenKeys)
    else if (!event.repeat || /^(?:j|k|up|down)$/.test(chord)) outcome.binding.run()
  }
  document.addEventListener('keydown', onKeyDown)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('keydown', onKeyDown)
  }
}

/** Whether what has the focus needs this key itself: to write, to choose by typing, or to be pressed. */
function isTakenBy(target: EventTarget | null, chord: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (chord === 'esc') return false
  if (target.isContentEditable || target.closest('textarea, select, [role=menu], [role=listbox], [role=combobox]'))
    return true
  if (target instanceof HTMLInputElement) return !/^(?:checkbox|radio|button|submit|reset)$/.test(target.type)
  return (chord === 'enter' || chord === 'space') && target.closest('button, a[href], summary, [role=button]') !== null
}
