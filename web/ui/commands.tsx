import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Command } from './command-palette.tsx'

type Source = { current: Command[] }
type Add = (source: Source) => () => void
// Two contexts, so that adding a command does not wake everything that adds commands.
const SourcesContext = createContext<Source[]>([])
const AddContext = createContext<Add | null>(null)

export function CommandProvider({ children }: { children: ReactNode }) {
  const [sources, setSources] = useState<Source[]>([])
  const add = useCallback((source: Source) => {
    setSources((before) => [...before, source])
    return () => setSources((before) => before.filter((other) => other !== source))
  }, [])
  return (
    <AddContext value={add}>
      <SourcesContext value={sources}>{children}</SourcesContext>
    </AddContext>
  )
}

/** Puts commands into the palette while the component is there. The array may be new on every render. */
export function useCommands(commands: Command[]): void {
  const add = useContext(AddContext)
  const source = useRef(commands)
  useEffect(() => {
    source.current = commands
  })
  const known = commands.map(({ id, label }) => `${id} ${label}`).join('\n')
  useEffect(() => add?.(source), [add, known])
}

/** All of them, as they stand when the palette is opened. */
export function useAllCommands(): Command[] {
  const sources = useContext(SourcesContext)
  return useMemo(() => sources.flatMap(latest), [sources])
}

/** A command that was listed a while ago still runs what it means now. */
function latest(source: Source): Command[] {
  return source.current.map((command) => ({
    ...command,
    run: () => source.current.find(({ id }) => id === command.id)?.run(),
  }))
}
