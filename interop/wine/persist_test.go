package wine

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

func TestSavedSettings(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		checkTogether(t, m, "persist", [][]int{{221, 222, 223, 224}, {225, 226, 227}}, s.base())
		plays := s.published("s3cret-key")
		require.Len(t, plays, 1, "the key that was saved and loaded")
		require.Equal(t, "append", plays[0].mode)
	})
}

// Not at once with others: all filters of the machine read the same registry.
func TestDefaultsInTheRegistry(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		file := filepath.Join(m.TempDir(), "filter.log")
		checkTogether(t, m, "defaults", [][]int{{228, 229}}, s.base(), "log="+m.WindowsPath(file))
		log, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, word := range []string{"s3cret-key", "pa55word"} {
			require.NotContains(t, string(log), word)
		}
		require.Len(t, s.published("s3cret-key1"), 1)
		require.Len(t, s.published("s3cret-key2"), 1)
	})
}

// recorder is a server that can record, and keeps the data messages that come.
type recorder struct {
	*rtmptest.Server
	mu   sync.Mutex
	data []string // handlers, as JSON the values behind them
}

const typeData = 18

func newRecorder(t *testing.T) *recorder {
	r := &recorder{}
	r.Server = rtmptest.NewServer(t, rtmptest.Script{
		Discard: true,
		Message: func(_ *rtmptest.Session, m rtmptest.Message) {
			if m.Type != typeData {
				return
			}
			values, err := amf0.Decode(m.Body)
			if err != nil {
				return
			}
			r.mu.Lock()
			r.data = append(r.data, string(amf0.AppendJSON(nil, amf0.StrictArray(values))))
			r.mu.Unlock()
		},
		On: map[string]rtmptest.Handler{
			"startRecording": func(s *rtmptest.Session, m rtmptest.Message) {
				s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction, nil, "recording"))
			},
			"stopRecording": rtmptest.Refuse("NetConnection.Call.Failed", "not recording"),
		},
	})
	return r
}

// arrived tells which data messages have come that are the program's own.
func (r *recorder) arrived() (own []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, text := range r.data {
		if !strings.Contains(text, "onMetaData") {
			own = append(own, text)
		}
	}
	return own
}

func TestHandlerAndMetadata(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		r := newRecorder(t)
		checkTogether(t, m, "notify", [][]int{{231, 232}, {233, 234, 235}, {236}}, "rtmp://"+r.Addr+"/")
		own := r.arrived()
		require.Contains(t, own, `["@setDataFrame","onEarly",{}]`)
		require.Contains(t, own, `["onCuePoint",{"name":"ü","list":[1,{"a":true}]}]`)
	})
}
