// Package com has the words of COM that do not need Windows: GUIDs as they lie
// in memory, and the answers of methods.
package com
