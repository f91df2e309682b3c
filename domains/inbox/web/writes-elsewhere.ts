/**
 * Whether somebody writes in another box of the page, such as a note about the customer: keys that send are for what is
 * written there, and must not send an answer that stands half written beside it. The palette lies over the page, not in it.
 */
export function writesElsewhere(place: Element | null, focused: Element | null = document.activeElement): boolean {
  const writes = focused?.matches('textarea, input, [contenteditable=true]') === true
  return writes && focused.closest('main') !== null && place?.contains(focused) === false
}
