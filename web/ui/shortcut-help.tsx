import { Trans, useLingui } from '@lingui/react/macro'
import { RotateCcw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { IconButton } from './icon-button.tsx'
import { Kbd } from './kbd.tsx'
import { chordOf, clashesWith, keysOf, type Binding } from './shortcut-keys.ts'
import { Switch } from './switch.tsx'
import { useBoundShortcuts, useShortcutChoices, useShortcutPause } from './use-shortcuts.tsx'

/** What `?` opens: the shortcuts of this screen as they are bound now, each of which can be changed or taken away. */
export function ShortcutHelp({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useLingui()
  const bindings = useBoundShortcuts()
  const [choices, setChoices] = useShortcutChoices()
  const groups = Object.entries(Object.groupBy(bindings, (binding) => binding.group))
  const setKeys = (id: string, keys: string | null | undefined) => {
    const { [id]: _, ...others } = choices.keys
    setChoices({ ...choices, keys: keys === undefined ? others : { ...others, [id]: keys } })
  }
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t`Keyboard shortcuts`} wide>
      <Switch
        label={t`Single keys`}
        hint={t`Switched off, only shortcuts with Ctrl or ⌘ work.`}
        checked={!choices.off}
        onCheckedChange={(on) => setChoices({ ...choices, off: !on })}
      />
      <div className="gap-8 tablet:columns-2">
        {groups.map(([name, list = []]) => (
          <section key={name} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-small text-muted">{name}</h3>
            <dl>
              {list.map((binding) => (
                <ShortcutRow key={binding.id} binding={binding} all={bindings} remap={choices.keys} setKeys={setKeys} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

type ShortcutRowProps = {
  binding: Binding
  all: Binding[]
  remap: Record<string, string | null>
  setKeys: (id: string, keys: string | null | undefined) => void
}

function ShortcutRow({ binding, all, remap, setKeys }: ShortcutRowProps) {
  const { t } = useLingui()
  const [recording, setRecording] = useState(false)
  const keys = keysOf(binding, remap)
  const [clash] = keys ? clashesWith(all, binding.id, keys, remap) : []
  const name = binding.label
  const other = clash?.label
  return (
    <div className="flex min-h-row items-center gap-2 border-b border-line">
      <dt className="min-w-0 flex-1">
        {binding.label}
        {other && <span className="block text-small text-waiting">{t`Also used by “${other}”`}</span>}
      </dt>
      <dd className="flex items-center gap-1">
        {binding.id in remap && (
          <IconButton
            size="small"
            icon={RotateCcw}
            label={t`Back to the default`}
            onClick={() => setKeys(binding.id, undefined)}
          />
        )}
        {recording ? (
          <KeyRecorder
            onDone={(next) => {
              setRecording(false)
              if (next !== undefined) setKeys(binding.id, next)
            }}
          />
        ) : (
          <Button size="small" look="plain" onClick={() => setRecording(true)}>
            <span className="sr-only">{t`Change the keys for “${name}”`}</span>
            {keys ? <Kbd keys={keys} /> : <span className="text-muted">{t`None`}</span>}
          </Button>
        )}
      </dd>
    </div>
  )
}

const pauseThatEnds = 900

/** Records keys until a pause. Backspace takes the shortcut away, Esc keeps what it was (`undefined`). */
function KeyRecorder({ onDone }: { onDone: (keys: string | null | undefined) => void }) {
  const [typed, setTyped] = useState<string[]>([])
  useShortcutPause(true)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Tab') return
      event.preventDefault()
      event.stopPropagation()
      const chord = chordOf(event)
      if (chord === 'esc') onDone(undefined)
      else if (chord === 'backspace') onDone(null)
      else if (chord) setTyped((before) => [...before, chord].slice(0, 3))
    }
    addEventListener('keydown', onKeyDown, true)
    return () => removeEventListener('keydown', onKeyDown, true)
  }, [onDone])
  useEffect(() => {
    if (typed.length === 0) return
    const timer = setTimeout(() => onDone(typed.join(' ')), pauseThatEnds)
    return () => clearTimeout(timer)
  }, [typed, onDone])
  return (
    <span role="status" className="rounded-control bg-tint px-2 py-1 text-small text-accent">
      {typed.length > 0 ? <Kbd keys={typed.join(' ')} /> : <Trans>Press keys, Backspace for none</Trans>}
    </span>
  )
}
