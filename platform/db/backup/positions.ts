// Positions in a backup. Events are ordered by the number of their transaction, and another cluster counts those anew: taken
// over as they are, old events would lie in the future of the new one and no reader would ever come to them. All that
// matters of the past is which durable reader has answered what. So each event gets, in place of its transaction, the number
// of readers that are already behind it, from 1 up: far below the first transaction of any cluster; and each reader
// stands at the end of what it has read.

/** In place of `events.xid`. `t` is the event. */
export const EVENT_XID = `(select (1 + count(*))::text::xid8 from (select distinct c.xid, c.seq from event_cursors c) c
  where (c.xid, c.seq) < (t.xid, t.seq))`

/** In place of `event_cursors.xid`. */
export const CURSOR_XID = `(select count(*)::text::xid8 from (select distinct c.xid, c.seq from event_cursors c) c
  where (c.xid, c.seq) <= (t.xid, t.seq))`

/** In place of `event_cursors.seq`: behind every event of that number. */
export const CURSOR_SEQ = '9007199254740991'
