//go:build windows && cgo

package seam

/*
#include "seam.h"
#include "page.h"
*/
import "C"

import (
	"runtime/cgo"
	"unsafe"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow"
	"rtmpwriter/internal/dshow/proppage"
)

// page is what a handle of the C side's property page stands for.
type page struct {
	*proppage.Page
	window window
}

func pageOf(h C.uintptr_t) *page {
	p, _ := cgo.Handle(h).Value().(*page)
	return p
}

//export goPageNew
func goPageNew(c *C.Page) (h C.uintptr_t) {
	var hr C.int32_t
	defer guard(&hr)
	tell := func(dirty bool) { C.pageStatus(c, flag(dirty)) }
	return C.uintptr_t(cgo.NewHandle(&page{proppage.New(dshow.Version, tell), window{c}}))
}

//export goPageFree
func goPageFree(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	if h != 0 {
		cgo.Handle(h).Delete()
	}
	return 0
}

// goPageTitle is C's to free.
//
//export goPageTitle
func goPageTitle() (text *C.uint16_t) {
	var hr C.int32_t
	defer guard(&hr)
	return wide(proppage.Title)
}

// goPageTemplate is C's to free.
//
//export goPageTemplate
func goPageTemplate() (t unsafe.Pointer) {
	var hr C.int32_t
	defer guard(&hr)
	return C.CBytes(proppage.Template())
}

//export goPageErrorID
func goPageErrorID() (id C.int32_t) {
	defer guard(&id)
	return proppage.IDError
}

// goPageObject gives the page its filter, by the renderer's handle; 0 takes it
// away.
//
//export goPageObject
func goPageObject(h, filter C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	switch {
	case h == 0: // it could not be made
	case filter == 0:
		pageOf(h).SetWriter(nil)
	default:
		pageOf(h).SetWriter(rendererOf(filter))
	}
	return 0
}

//export goPageOpen
func goPageOpen(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	p := pageOf(h)
	p.Open(p.window)
	return 0
}

//export goPageClose
func goPageClose(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	pageOf(h).Close()
	return 0
}

//export goPageCommand
func goPageCommand(h C.uintptr_t, id, notice C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	pageOf(h).Command(int(id), proppage.Notice(notice))
	return 0
}

//export goPageTick
func goPageTick(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	pageOf(h).Tick()
	return 0
}

//export goPageDirty
func goPageDirty(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	if pageOf(h).Dirty() {
		return C.int32_t(com.OK)
	}
	return C.int32_t(com.False)
}

//export goPageApply
func goPageApply(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	return answerWith(pageOf(h).Apply())
}
