// The rules of the product, looking at the miniature instead of the real tree. Not named oxlint.config.ts, because
// the ordinary lint would find it by that name and follow it.
import config from '../oxlint.config.ts'

export default {
  ...config,
  ignorePatterns: [],
  settings: { ...config.settings, 'boundaries/root-path': import.meta.dirname },
  overrides: [...(config.overrides ?? []), { files: ['check.ts'], rules: { 'eslint/no-console': 'off' as const } }],
}
