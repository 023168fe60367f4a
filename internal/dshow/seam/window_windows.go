//go:build windows && cgo

package seam

/*
#cgo LDFLAGS: -lcomctl32
#include "page.h"
*/
import "C"

import (
	"unicode/utf16"
	"unsafe"
)

// window is a page's dialog for package proppage.
type window struct{ c *C.Page }

// units is a text as Windows takes it, in Go's memory: it is kept by nobody.
func units(s string) *C.uint16_t {
	return (*C.uint16_t)(unsafe.SliceData(append(utf16.Encode([]rune(s)), 0)))
}

func flag(on bool) C.int32_t {
	if on {
		return 1
	}
	return 0
}

func (w window) Text(id int) string {
	room := C.windowTextLength(w.c, C.int32_t(id)) + 1
	text := make([]uint16, room)
	n := C.windowText(w.c, C.int32_t(id), (*C.uint16_t)(unsafe.SliceData(text)), room)
	return string(utf16.Decode(text[:n]))
}

func (w window) SetText(id int, text string) { C.windowSetText(w.c, C.int32_t(id), units(text)) }

func (w window) Checked(id int) bool { return C.windowChecked(w.c, C.int32_t(id)) != 0 }

func (w window) SetChecked(id int, on bool) { C.windowSetChecked(w.c, C.int32_t(id), flag(on)) }

func (w window) Enable(id int, on bool) { C.windowEnable(w.c, C.int32_t(id), flag(on)) }

func (w window) Focus(id int) { C.windowFocus(w.c, C.int32_t(id)) }

func (w window) Focused() int { return int(C.windowFocused(w.c)) }

func (w window) Point(id int, title, message string) {
	C.windowPoint(w.c, C.int32_t(id), units(title), units(message))
}

func (w window) Unpoint() { C.windowUnpoint(w.c) }

func (w window) Hint(id int, text string) { C.windowHint(w.c, C.int32_t(id), units(text)) }
