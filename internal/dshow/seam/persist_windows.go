//go:build windows && cgo

package seam

/*
#include "seam.h"
#include "persist.h"
*/
import "C"

import (
	"unsafe"

	"golang.org/x/sys/windows"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow"
	"rtmpwriter/internal/dshow/store"
	"rtmpwriter/publish"
)

//export goDirty
func goDirty(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	if rendererOf(h).Dirty() {
		return 1
	}
	return 0
}

//export goSetClean
func goSetClean(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	rendererOf(h).SetClean()
	return 0
}

// goSave makes the settings that goLoad takes, in malloc's memory.
//
//export goSave
func goSave(h C.uintptr_t, data **C.uint8_t, length *C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	text, err := store.Save(r.Options(), r.Defaults(), protect)
	if err != nil {
		return refuse(com.Fail, err)
	}
	*data, *length = (*C.uint8_t)(C.CBytes(text)), C.int32_t(len(text))
	return 0
}

//export goLoad
func goLoad(h C.uintptr_t, data *C.uint8_t, length C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	o := fresh(r)
	problems, err := store.Load(C.GoBytes(unsafe.Pointer(data), C.int(length)), &o, unprotect)
	if err != nil {
		return refuse(com.InvalidArg, err)
	}
	return restore(r, o, problems)
}

// fresh are the options that saved ones are laid over: those of a new filter, but
// for the url, since a graph sets the name of a file sink by itself.
func fresh(r *dshow.Renderer) publish.Options {
	o := r.Defaults()
	o.URL = r.Options().URL
	return o
}

// restore puts loaded options in force. What could not be loaded goes to the log:
// the rest is better than nothing.
func restore(r *dshow.Renderer, o publish.Options, problems []error) C.int32_t {
	if _, err := r.Restore(o); err != nil {
		return refuse(com.InvalidArg, err)
	}
	r.SetClean()
	tell(o, problems)
	return 0
}

//export goInitNew
func goInitNew(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	if _, err := r.Restore(r.Defaults()); err != nil {
		return refuse(com.InvalidArg, err)
	}
	r.SetClean()
	return 0
}

// goBagNames makes a pair of every option, without values.
//
//export goBagNames
func goBagNames(pairs **C.BagPair, n *C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	o := publish.DefaultOptions()
	fields := o.Fields()
	list := newPairs(len(fields), pairs, n)
	for i, f := range fields {
		list[i].name = wide(store.Pascal(f.Name))
	}
	return 0
}

// goBagSave makes a pair of every option, or of each that is not as in a new
// filter.
//
//export goBagSave
func goBagSave(h C.uintptr_t, all C.int32_t, pairs **C.BagPair, n *C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	saved, err := store.Pairs(r.Options(), r.Defaults(), all != 0, protect)
	if err != nil {
		return refuse(com.Fail, err)
	}
	list := newPairs(len(saved), pairs, n)
	for i, p := range saved {
		list[i].name, list[i].text = wide(store.Pascal(p.Name)), wide(p.Text)
	}
	return 0
}

// goBagLoad takes what goBagNames made, with the values that the bag has.
//
//export goBagLoad
func goBagLoad(h C.uintptr_t, pairs *C.BagPair, n C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	o := fresh(r)
	var given []store.Pair
	list := unsafe.Slice(pairs, n)
	for i, f := range o.Fields() {
		if text := list[i].text; text != nil {
			given = append(given, store.Pair{Name: f.Name, Text: windows.UTF16PtrToString((*uint16)(text))})
		}
	}
	problems := store.Take(given, &o, unprotect)
	return restore(r, o, problems)
}

// newPairs makes room for n pairs in C's memory.
func newPairs(n int, pairs **C.BagPair, count *C.int32_t) []C.BagPair {
	*pairs = (*C.BagPair)(C.calloc(C.size_t(n+1), C.sizeof_BagPair)) // never none
	*count = C.int32_t(n)
	return unsafe.Slice(*pairs, n)
}
