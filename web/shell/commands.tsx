import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Command } from '../ui/command-palette.tsx'

type Source = { current: Command[] }
type Registry = { sources: Source[]; add: (source: Source) => () => void }
const CommandContext = createContext<Registry | null>(null)

export function CommandProvider({ children }: { children: ReactNode }) {
  const [sources, setSources] = useState<Source[]>([])
  const value = useMemo(
    () => ({
      sources,
      add(source: Source) {
        setSources((before) => [...before, source])
        return () => setSources((before) => before.filter((other) => other !== source))
      },
    }),
    [sources],
  )
  return <CommandContext value={value}>{children}</CommandContext>
}

/** Puts commands into the palette while the component is there. The array may be new on every render. */
export function useCommands(commands: Command[]): void {
  const add = useContext(CommandContext)?.add
  const source = useRef(commands)
  useEffect(() => {
    source.current = commands
  })
  const known = commands.map(({ id, label }) => `${id} ${label}`).join('\n')
  const latest = useRef(add)
  latest.current = add
  useEffect(() => latest.current?.(source), [known])
}

/** All of them, as they stand when the palette is opened. */
export function useAllCommands(): Command[] {
  const registry = useContext(CommandContext)
  return useMemo(() => registry?.sources.flatMap((source) => source.current) ?? [], [registry])
}
