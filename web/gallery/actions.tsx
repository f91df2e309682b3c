import { Archive, Check, Clock, Pin, Plus, Send, Trash2, UserPlus } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { SplitButton } from '../ui/split-button.tsx'
import { Line, Part } from './part.tsx'

const none = () => {}
const sending = [
  {
    items: [
      { label: 'Send and resolve', icon: Check, keys: 'mod+shift+enter', onSelect: none },
      { label: 'Send later', icon: Clock, onSelect: none },
    ],
  },
]

export function Actions() {
  return (
    <Part title="Pressed">
      <Line>
        <Button look="primary" icon={Send} keys="mod+enter">
          Send
        </Button>
        <Button icon={Plus}>Add a channel</Button>
        <Button look="plain">Cancel</Button>
        <Button look="danger" icon={Trash2}>
          Remove
        </Button>
        <SplitButton groups={sending} menuLabel="More ways to send" icon={Send} onClick={none}>
          Send
        </SplitButton>
        <SplitButton look="quiet" groups={sending} menuLabel="More ways to assign" icon={UserPlus} onClick={none}>
          Assign
        </SplitButton>
      </Line>
      <Line>
        <Button look="primary" disabled>
          Send
        </Button>
        <Button disabled>Add</Button>
        <Button look="primary" busy>
          Saving
        </Button>
        <Button size="small" look="primary">
          Small
        </Button>
        <Button size="small">Small</Button>
        <Button size="small" look="plain">
          Small
        </Button>
        <SplitButton size="small" groups={sending} menuLabel="More ways" onClick={none}>
          Send
        </SplitButton>
        <SplitButton disabled groups={sending} menuLabel="More ways" onClick={none}>
          Send
        </SplitButton>
      </Line>
      <Line>
        <IconButton icon={Archive} label="Archive" keys="e" />
        <IconButton icon={Pin} label="Pin" pressed />
        <IconButton icon={Clock} label="Snooze" disabled />
        <IconButton icon={Plus} label="Add" size="small" />
        <Kbd keys="mod+k" />
        <Kbd keys="g i" />
        <Kbd keys="shift+e" />
        <Kbd keys="?" />
      </Line>
    </Part>
  )
}
