// Package seam is where COM ends and Go begins: in C the objects that foreign
// code holds, with static vtables, and in Go the functions that they call. It
// has no behaviour of its own: that is in dshow, proppage and store, which know
// nothing of Windows.
//
// Every function that C calls recovers panics: nothing of ours may take a host
// program down. It is built for Windows with cgo alone.
package seam
