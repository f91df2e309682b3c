import { ShownOnce } from '../../workspaces/web/index.ts'
import type { Channel } from '../contract.ts'

/** Secrets that were just made, by the names that the channel's form gives them. */
export function SecretsOnce({ secrets, channel }: { secrets: Record<string, string>; channel: Channel | undefined }) {
  const { properties = {} } = (channel?.settings ?? {}) as { properties?: Record<string, { title?: string }> }
  return (
    <div className="flex flex-col gap-4">
      {Object.entries(secrets).map(([name, value]) => (
        <ShownOnce key={name} label={properties[name]?.title ?? name} value={value} />
      ))}
    </div>
  )
}
