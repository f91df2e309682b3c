// Looks every two seconds whether mail came, and shows it without losing what is being written below.
const list = document.getElementById('live')
let before = ''
const look = async () => {
  const reply = await fetch(list.dataset.source, { headers: { accept: 'text/html' } })
  if (!reply.ok) return
  const text = await reply.text()
  // What the server drew is escaped there; nothing in it is a script, and none would run.
  if (text !== before && before !== '') {
    const fresh = new DOMParser().parseFromString(text, 'text/html')
    list.replaceChildren(...fresh.body.children)
  }
  before = text
}
setInterval(() => {
  if (!document.hidden) look().catch(() => {})
}, 2000)
look().catch(() => {})
