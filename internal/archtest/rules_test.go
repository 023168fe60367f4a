package archtest

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// fixture is a small repository in memory: paths and contents. go.mod is given.
type fixture map[string]string

func (f fixture) load(t *testing.T) *Tree {
	t.Helper()
	files := fstest.MapFS{"go.mod": {Data: []byte("module rtmpwriter\n")}}
	for name, data := range f {
		files[name] = &fstest.MapFile{Data: []byte(data)}
	}
	tree, err := Load(files)
	require.NoError(t, err)
	return tree
}

// ruleCase says what a rule finds in a fixture.
type ruleCase struct {
	name  string
	check func(*Tree) []string
	files fixture
	// want holds a part of each finding, in order; empty: nothing is wrong.
	want []string
}

func (c ruleCase) run(t *testing.T) {
	got := c.check(c.files.load(t))
	require.Len(t, got, len(c.want), "findings: %q", got)
	for i, part := range c.want {
		require.Contains(t, got[i], part)
	}
}

func runAll(t *testing.T, cases []ruleCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, c.run)
	}
}

func TestLoadRefusesWhatDoesNotParse(t *testing.T) {
	_, err := Load(fstest.MapFS{"media/x.go": {Data: []byte("package")}})
	require.ErrorContains(t, err, "media/x.go")
}

func TestLoadPassesOverWhatIsNotOurs(t *testing.T) {
	tree := fixture{
		"build/x.go": "package x", "interop/node_modules/x/x.go": "package x", "media/testdata/x.go": "package",
		"flv/flv.go": "package flv", "interop/go.mod": "module rtmpwriter/interop", "interop/a/a.go": "package a",
	}.load(t)
	modules := map[string]string{}
	for _, p := range tree.Packages {
		modules[p.Dir] = p.Module
	}
	require.Equal(t, map[string]string{"flv": "rtmpwriter", "interop/a": "rtmpwriter/interop"}, modules)
}

func TestImports(t *testing.T) {
	runAll(t, []ruleCase{
		{"down", importsDownward, fixture{
			"cmd/p/p.go":           `package main; import _ "rtmpwriter/internal/web"`,
			"internal/daemon/d.go": `package daemon; import (_ "rtmpwriter/internal/web"; _ "rtmpwriter/publish")`,
			"rtmp/r.go":            `package rtmp; import (_ "rtmpwriter/rtmp/internal/chunk"; _ "rtmpwriter/amf0")`,
			"media/h264/h.go":      `package h264; import _ "rtmpwriter/media"`,
		}, nil},
		{"up", importsDownward, fixture{"flv/f.go": "package flv\nimport _ \"rtmpwriter/rtmp\""}, []string{"flv/f.go:2: imports rtmp: rtmp is above flv"}},
		{"media is the ground", importsDownward, fixture{"media/aac/a.go": `package aac; import _ "rtmpwriter/amf0"`}, []string{"amf0 is above media"}},
		{"the engine takes no input", importsDownward, fixture{"publish/p.go": `package publish; import _ "rtmpwriter/input/mp4in"`}, []string{"input is above publish"}},
		{"nobody imports a program", importsDownward, fixture{"internal/web/w.go": `package web; import _ "rtmpwriter/cmd/rtmpwriter"`}, []string{"cmd is above internal"}},
		{"strangers", importsDownward, fixture{"internal/com/c.go": `package com; import _ "rtmpwriter/internal/web"`}, []string{"internal/com and internal/web are strangers"}},
		{"unknown room", importsDownward, fixture{"stuff/s.go": `package stuff`}, []string{`no room "stuff"`}},
		{"unknown room imported", importsDownward, fixture{"publish/p.go": `package publish; import _ "rtmpwriter/stuff"`}, []string{`no room "stuff"`}},
		{"example looks inside", importsDownward, fixture{"examples/e/e.go": `package main; import _ "rtmpwriter/internal/web"`}, []string{"use a public package"}},
		{"rtmptest in the program", importsDownward, fixture{"publish/p.go": `package publish; import _ "rtmpwriter/rtmp/rtmptest"`}, []string{"rtmptest is for tests alone"}},
		{"a test looks anywhere", importsDownward, fixture{"flv/f_test.go": `package flv; import _ "rtmpwriter/internal/receiver"`}, nil},
		{"another module has its own order", importsDownward, fixture{"interop/go.mod": "module rtmpwriter/interop", "interop/i.go": `package interop; import _ "rtmpwriter/publish"`}, nil},
	})
}

func TestLibraries(t *testing.T) {
	runAll(t, []ruleCase{
		{"allowed", importsLibraries, fixture{
			"input/mp4in/m.go":  `package mp4in; import (_ "io"; _ "github.com/abema/go-mp4")`,
			"flv/f.go":          `package flv; import _ "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"`,
			"internal/web/w.go": `package web; import _ "example.com/anything"`,
		}, nil},
		{"not in this room", importsLibraries, fixture{"input/input.go": `package input; import _ "github.com/abema/go-mp4"`}, []string{"go-mp4, which input may not use"}},
		{"none at all", importsLibraries, fixture{"amf0/a.go": `package amf0; import _ "github.com/bluenviron/mediacommon/v2/pkg/bits"`}, []string{"which amf0 may not use"}},
		{"testify in the program", importsTestLibraries, fixture{
			"publish/p.go":       `package publish; import _ "github.com/stretchr/testify/require"`,
			"rtmp/rtmptest/r.go": `package rtmptest; import _ "github.com/stretchr/testify/require"`,
		}, []string{"publish/p.go:1: imports github.com/stretchr/testify/require"}},
		{"testing in the program", importsTestLibraries, fixture{"flv/f.go": `package flv; import _ "testing"`}, []string{"a library for tests"}},
	})
}

func TestStrangersBelow(t *testing.T) {
	require.Empty(t, StrangersBelow([]string{
		"rtmpwriter/publish", "rtmpwriter/media/h264", "rtmpwriter/rtmp/internal/chunk",
		"github.com/bluenviron/mediacommon/v2/pkg/bits", "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264",
	}))
	for _, stranger := range []string{
		"github.com/abema/go-mp4", "rtmpwriter/input/mp4in", "rtmpwriter/internal/web", "rtmpwriter/rtmp/rtmptest",
		"github.com/bluenviron/mediacommon/v2/pkg/formats/mpegts", "rtmpwriter/stuff",
	} {
		require.Len(t, StrangersBelow([]string{stranger}), 1, stranger)
	}
}
