#!/usr/bin/env node
// `npx rapport COMMAND`: the same way in as `npm start`.
import './start.mjs'
