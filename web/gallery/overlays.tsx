import { Archive, Check, Clock, Ellipsis, Inbox, Tag, Trash2, UserPlus, Users } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CommandPalette } from '../ui/command-palette.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu } from '../ui/menu.tsx'
import { notify, offerUndo } from '../ui/notice-store.ts'
import { Popover } from '../ui/popover.tsx'
import { ShortcutHelp } from '../ui/shortcut-help.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useShortcuts } from '../ui/use-shortcuts.tsx'
import { Line, Part } from './part.tsx'

const none = () => {}
const bindings = [
  { id: 'go.inbox', keys: 'g i', label: 'Inbox', group: 'Go to', run: none },
  { id: 'go.people', keys: 'g p', label: 'People', group: 'Go to', run: none },
  { id: 'next', keys: 'j', label: 'Next', group: 'This screen', run: none },
  { id: 'previous', keys: 'k', label: 'Previous', group: 'This screen', run: none },
  { id: 'resolve', keys: 'e', label: 'Resolve', group: 'This screen', run: none },
  { id: 'resolveNext', keys: 'shift+e', label: 'Resolve and open next', group: 'This screen', run: none },
  { id: 'send', keys: 'mod+enter', label: 'Send', group: 'Composer', run: none },
  { id: 'merge', keys: null, label: 'Merge', group: 'This screen', run: none },
]
const icons = [Inbox, Users, undefined, undefined, Check, Check, undefined, Tag]

export function Overlays() {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null)
  useShortcuts(bindings)
  const close = (next: boolean) => !next && setOpen(null)
  return (
    <Part title="Opened">
      <Line>
        <Menu
          trigger={<IconButton icon={Ellipsis} label="More" />}
          groups={[
            {
              label: 'Conversation',
              items: [
                { label: 'Assign', icon: UserPlus, keys: 'a', onSelect: none },
                { label: 'Snooze', icon: Clock, keys: 'b', hint: 'Comes back by itself', onSelect: none },
                { label: 'Archive', icon: Archive, disabled: true, onSelect: none },
              ],
            },
            {
              items: [
                { label: 'Unread first', checked: true, onSelect: none },
                { label: 'Show notes', checked: false, onSelect: none },
              ],
            },
            { items: [{ label: 'Remove', icon: Trash2, danger: true, onSelect: none }] },
          ]}
        />
        <Popover trigger={<Button>Why here</Button>} title="Why it stands first">
          <p>The promise ends in 12 minutes, and this customer wrote twice.</p>
        </Popover>
        <Dialog
          trigger={<Button>Dialog</Button>}
          title="Invite a colleague"
          description="They get a link that holds for three days."
          actions={
            <>
              <Button>Cancel</Button>
              <Button look="primary">Send the invitation</Button>
            </>
          }
        >
          <TextField label="Address" type="email" />
        </Dialog>
        <Confirm
          trigger={<Button>Confirm</Button>}
          title="Remove “Tuesday mail”?"
          description="Its 12 conversations stay. New messages are no longer fetched."
          action="Remove"
          danger
          onConfirm={none}
        />
        <Button onClick={() => setOpen('palette')}>Palette</Button>
        <Button onClick={() => setOpen('help')}>Shortcuts</Button>
        <Button
          onClick={() =>
            offerUndo({ text: 'Your reply is held for a moment.', onUndo: () => notify('Back in the composer.') })
          }
        >
          Undo bar
        </Button>
        <Button onClick={() => notify('Saved.')}>Notice</Button>
        <Button
          onClick={() =>
            notify('The reply was refused: this person closed the chat.', {
              tone: 'danger',
              action: { label: 'Show', run: none },
            })
          }
        >
          Problem
        </Button>
      </Line>
      <CommandPalette
        open={open === 'palette'}
        onOpenChange={close}
        commands={bindings.map((binding, at) => ({ ...binding, icon: icons[at] }))}
      />
      <ShortcutHelp open={open === 'help'} onOpenChange={close} />
    </Part>
  )
}
