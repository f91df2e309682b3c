// A file on its way up, with how far it has come: fetch does not tell.
import { RefusedError } from '../contract/client.ts'
import type { ProblemReply } from '../contract/kernel.ts'

/**
 * Posts one file as multipart and answers the JSON reply.
 * @param onProgress between 0 and 1.
 * @throws RefusedError with the server's problem, or `unreachable`.
 */
export function uploadFile<T>(
  address: string,
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', address)
    request.responseType = 'json'
    request.upload.addEventListener(
      'progress',
      (event) => event.lengthComputable && onProgress(event.loaded / event.total),
    )
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) return resolve(request.response as T)
      const reply = request.response as ProblemReply | null
      reject(new RefusedError(reply && 'code' in reply ? reply : lost(request.status)))
    })
    request.addEventListener('error', () => reject(new RefusedError(lost(0))))
    request.addEventListener('abort', () => reject(new DOMException('The upload was stopped.', 'AbortError')))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}

const lost = (status: number): ProblemReply => ({
  code: 'unreachable',
  status,
  message: 'The file did not get there. Try it again.',
})
