//go:build windows && cgo

package seam

/*
#include "seam.h"
*/
import "C"

import (
	"runtime/cgo"
	"unsafe"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow/abi"
	"rtmpwriter/publish"
)

// goOptionModifiable answers S_FALSE while a change would wait for the next
// connection.
//
//export goOptionModifiable
func goOptionModifiable(h C.uintptr_t, index C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	_, f, ok := optionAt(r.Fields(), index)
	switch {
	case !ok:
		return C.int32_t(com.InvalidArg)
	case r.Busy() && !f.WhileStreaming:
		return C.int32_t(com.False)
	}
	return 0
}

//export goOptionRange
func goOptionRange(h C.uintptr_t, index C.int32_t, low, high *C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	_, f, ok := optionAt(rendererOf(h).Fields(), index)
	if !ok {
		return C.int32_t(com.InvalidArg)
	}
	*low, *high = C.int32_t(f.Min), C.int32_t(f.Max)
	return 0
}

//export goOptionChoices
func goOptionChoices(index C.int32_t, count *C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	options := publish.DefaultOptions()
	_, f, ok := optionAt(options.Fields(), index)
	if !ok {
		return C.int32_t(com.InvalidArg)
	}
	*count = C.int32_t(len(f.Choices))
	return 0
}

// goOptionShow is the value in force, or with standard the default, as a number
// or else as a text in which secrets are masked.
//
//export goOptionShow
func goOptionShow(h C.uintptr_t, index, standard C.int32_t, number *C.int32_t, text **C.uint16_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	options := r.Options()
	if standard != 0 {
		options = r.Defaults()
	}
	o, f, ok := optionAt(options.Fields(), index)
	switch {
	case !ok:
		return C.int32_t(com.InvalidArg)
	case o.Kind == abi.Text:
		*text = wide(f.Show())
		return 0
	}
	n, ok := o.Number(f, f.Value.String())
	if !ok {
		return C.int32_t(com.Unexpected)
	}
	*number = C.int32_t(n)
	return 0
}

//export goOptionsReset
func goOptionsReset(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	kept, err := r.Restore(r.Defaults())
	if err == nil && kept {
		return C.int32_t(com.False)
	}
	return answerWith(err)
}

// goOptionsRemember keeps the values of all options for goOptionsCompare, which
// forgets them. It answers 0 when it can't.
//
//export goOptionsRemember
func goOptionsRemember(h C.uintptr_t) (before C.uintptr_t) {
	var hr C.int32_t
	defer guard(&hr)
	return C.uintptr_t(cgo.NewHandle(optionTexts(rendererOf(h).Fields())))
}

// goOptionsCompare sets the flag of every option whose value is another than
// before.
//
//export goOptionsCompare
func goOptionsCompare(h, before C.uintptr_t, flags *C.uint8_t, n C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	remembered := cgo.Handle(before)
	defer remembered.Delete()
	old, _ := remembered.Value().([]string)
	changed := unsafe.Slice((*uint8)(flags), int(n))
	for i, value := range optionTexts(rendererOf(h).Fields()) {
		if i < len(changed) && i < len(old) && value != old[i] {
			changed[i] = 1
		}
	}
	return 0
}

// optionTexts are the options as text, in the order of package abi. They hold secrets.
func optionTexts(fields []publish.Field) (all []string) {
	for _, o := range abi.Options() {
		text := ""
		if f, ok := o.FieldOf(fields); ok {
			text = f.Value.String()
		}
		all = append(all, text)
	}
	return all
}
