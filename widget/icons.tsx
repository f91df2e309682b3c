/** @jsxImportSource preact */
// Drawn on a grid of 20 with a stroke of 1.75, like the product's own.
const paths = {
  chat: 'M3.5 15.8V6.2A2.7 2.7 0 0 1 6.2 3.5h7.6a2.7 2.7 0 0 1 2.7 2.7v4.6a2.7 2.7 0 0 1-2.7 2.7H7z',
  close: 'M5 5l10 10M15 5L5 15',
  send: 'M10 16V4.5M5 9.5l5-5 5 5',
  attach: 'M15.8 9.2l-5.9 5.9a3.4 3.4 0 0 1-4.8-4.8l6-6a2.3 2.3 0 0 1 3.2 3.2l-5.9 5.9a1.1 1.1 0 0 1-1.6-1.6l5.4-5.4',
  emoji: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM7.3 8.3v.1M12.7 8.3v.1M7 12a3.8 3.8 0 0 0 6 0',
  save: 'M10 3.5v9M6 9l4 4 4-4M4 16.5h12',
  mark: 'M3.1 16.9C3.4 11.1 5.7 6.2 10 3.1M16.9 16.9C16.6 11.1 14.3 6.2 10 3.1',
} as const

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
