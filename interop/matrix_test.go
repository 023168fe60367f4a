package interop

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/corpus"
	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/publisher"
	"rtmpwriter/interop/server"
)

// TestMatrix publishes every clip to every server. What the server recorded
// must be the clip: every frame, bit for bit, at its time, and decodable.
func TestMatrix(t *testing.T) {
	if !has(t, server.Installed("ffmpeg", "ffprobe")()) {
		return
	}
	m := &matrix{files: clips(t), inputs: map[string]func() (*elementary.File, error){}}
	for _, c := range corpus.Clips() {
		file := m.files[c.Name]
		m.inputs[c.Name] = sync.OnceValues(func() (*elementary.File, error) { return elementary.Read(bounded(t), file) })
	}
	p := program(t)
	for _, kind := range server.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			if !has(t, kind.Missing()) {
				return
			}
			s := launched(t, kind)
			m.table.column(s.Name())
			for _, c := range corpus.Clips() {
				t.Run(c.Name, func(t *testing.T) {
					t.Parallel()
					m.try(t, s, p, c)
				})
			}
		})
	}
	if *update {
		require.Equal(t, "rtmpwriter", p.Name, "the document speaks of rtmpwriter")
		require.NoError(t, m.table.write("../docs/interop.md"))
	}
}

type matrix struct {
	files  map[string]string
	inputs map[string]func() (*elementary.File, error)
	table  table
}

// try publishes one clip to one server. Whatever goes wrong stands in the table.
func (m *matrix) try(t *testing.T, s server.Server, p *publisher.Publisher, c corpus.Clip) {
	verdict := "failed"
	defer func() { m.table.cell(s.Name(), c.Name, verdict) }()

	sent, err := m.inputs[c.Name]()
	require.NoError(t, err)
	times := sent
	if c.Times != "" {
		times, err = m.inputs[c.Times]()
		require.NoError(t, err)
	}
	got, reception := deliver(t, s, p, "clip-"+c.Name, m.files[c.Name])
	differences := elementary.Compare(sent, times, got)
	if reception.Check != nil {
		differences = append(differences, reception.Check(sent)...)
	}
	if len(differences) > 0 {
		verdict = "differs"
	}
	require.Empty(t, differences)
	verdict = "same"
}
