// Looks every two seconds whether somebody answered, and shows it without losing what is being written below.
const list = document.getElementById('posts')
const look = async () => {
  const reply = await fetch(list.dataset.source, { headers: { accept: 'text/html' } })
  if (!reply.ok) return
  const fresh = new DOMParser().parseFromString(await reply.text(), 'text/html')
  for (const post of fresh.querySelectorAll('li'))
    if (!document.getElementById(post.id)) list.append(document.adoptNode(post))
}
setInterval(() => {
  if (!document.hidden) look().catch(() => {})
}, 2000)
