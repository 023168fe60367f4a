// Package dshow is the DirectShow renderer over the engine: the states of a
// filter, its two pins, what Receive answers, when a graph is told that all is
// out or that the connection is gone. It knows the rules of DirectShow and
// nothing of Windows, so that it is tested on any system; package seam puts COM
// around it.
package dshow
