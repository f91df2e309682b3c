// Lingui's macros need Babel, everything else is transformed by oxc. This plugin sends only the files that import a
// macro through Babel, and lets Babel do nothing but the macro: types and JSX pass through untouched.
import { transformAsync } from '@babel/core'
import type { Plugin } from 'vite'

const importsMacro = /from\s*['"]@lingui\/(?:core|react)\/macro['"]/

/** Shared by the app's build and by the tests, so that both see the same messages. */
export function linguiMacro(): Plugin {
  return {
    name: 'lingui-macro',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?(?:$|\?)/, code: importsMacro },
      async handler(code, id) {
        const result = await transformAsync(code, {
          filename: id.split('?')[0],
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          plugins: ['@lingui/babel-plugin-lingui-macro'],
          parserOpts: { plugins: ['jsx', 'typescript'] },
          generatorOpts: { retainLines: true },
        })
        return result?.code ? { code: result.code, map: result.map } : null
      },
    },
  }
}
