/// <reference types="vite/client" />

declare module '*.po' {
  import type { Messages } from '@lingui/core'
  export const messages: Messages
}

/** The one call of Babel that the build makes (see lingui-macro.ts); the package ships no types. */
declare module '@babel/core' {
  export function transformAsync(
    code: string,
    options: Record<string, unknown>,
  ): Promise<{ code: string | null; map: import('rolldown').ExistingRawSourceMap | null } | null>
}
