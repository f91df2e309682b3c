import { useCallback, useEffect, useRef, useState } from 'react'
import { pathOf } from '#platform/contract/client'
import { problemOf } from '../../../platform/browser/api.ts'
import { uploadFile } from '../../../platform/browser/upload.ts'
import { notify } from '../../../web/ui/notice-store.ts'
import { messageRoutes, type Attachment } from '../contract.ts'

/** A file on its way up. */
export interface Upload {
  readonly key: string
  readonly name: string
  readonly part: number
  readonly stop: () => void
}

export const fileAddress = (id: string): string => `/api${pathOf(messageRoutes.readAttachment, { params: { id } })}`
const uploadAddress = `/api${messageRoutes.uploadAttachment.path}`

/** Files on their way into a message. `onDone` gets each as it arrives. */
export function useUploads(onDone: (attachment: Attachment) => void) {
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const done = useRef(onDone)
  const stops = useRef(new Set<AbortController>())
  useEffect(() => {
    done.current = onDone
  })
  useEffect(() => {
    const running = stops.current
    return () => running.forEach((stop) => stop.abort())
  }, [])
  const add = useCallback((files: Iterable<File>) => {
    for (const file of files) {
      const key = crypto.randomUUID()
      const stop = new AbortController()
      stops.current.add(stop)
      const set = (part: number) => setUploads((all) => all.map((one) => (one.key === key ? { ...one, part } : one)))
      setUploads((all) => [...all, { key, name: file.name, part: 0, stop: () => stop.abort() }])
      uploadFile<Attachment>(uploadAddress, file, set, stop.signal)
        .then((attachment) => done.current(attachment))
        .catch((error: unknown) => {
          if (!stop.signal.aborted) notify(`${file.name}: ${problemOf(error).message}`, { tone: 'danger' })
        })
        .finally(() => {
          stops.current.delete(stop)
          setUploads((all) => all.filter((one) => one.key !== key))
        })
    }
  }, [])
  return { uploads, add }
}
