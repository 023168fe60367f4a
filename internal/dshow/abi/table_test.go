package abi

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
)

// TestTableHasEveryOption looks for an entry of every option, and for an option
// of every entry.
func TestTableHasEveryOption(t *testing.T) {
	options := publish.DefaultOptions()
	fields := options.Fields()
	entries := map[string]Option{}
	for _, o := range Options() {
		require.NotContains(t, entries, o.Name, "two entries for one option")
		entries[o.Name] = o
		_, ok := o.FieldOf(fields)
		require.True(t, ok, "%s is no option of publish any more; its methods must stay, so it must", o.Name)
	}
	for _, f := range fields {
		o, ok := entries[f.Name]
		require.True(t, ok, "%s has no entry: add one at the end of the table, and run: make header", f.Name)
		require.Equal(t, KindOf(f), o.Kind, f.Name)
		require.Equal(t, f.Secret, o.Secret, f.Name)
		require.Equal(t, pascal(f.Name), o.Method, f.Name)
		if o.Kind == Number {
			require.True(t, f.Min >= -1<<31 && f.Max <= 1<<31-1, "%s does not fit into a LONG", f.Name)
		}
	}
	require.Len(t, entries, len(fields))
}

// pascal is tcp-no-delay as TcpNoDelay.
func pascal(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func TestNamesAndIdentifiersAreUnique(t *testing.T) {
	ids := map[com.GUID]string{ClassFilter: "filter", ClassPage: "page", TypeLibrary: "library"}
	names, properties := map[string]bool{}, map[string]bool{}
	for _, face := range Interfaces() {
		require.NotContains(t, ids, face.ID)
		ids[face.ID] = face.Name
		methods := map[string]bool{}
		for _, m := range face.Methods {
			require.False(t, methods[m.Name], "%s twice", m.Name)
			methods[m.Name] = true
		}
	}
	for _, o := range Options() {
		require.NotContains(t, ids, o.ID, o.Name)
		ids[o.ID] = o.Name
		require.False(t, names[o.Method], o.Method)
		require.False(t, properties[o.Property], o.Property)
		names[o.Method], properties[o.Property] = true, true
		random := o.ID.String()
		require.Equal(t, byte('4'), random[15], "%s: %s is not from a random source", o.Name, random)
	}
}

func TestKnownNames(t *testing.T) {
	require.Equal(t, "{B4FB59C5-983B-4D96-9204-F8B0E46704EE}", ClassFilter.String())
	require.Equal(t, "{EFC673DE-E20E-4699-8331-9522C5DF7A6D}", ClassPage.String())
	known := map[string][]string{
		"IRTMPOptions":      {"ConnectServer", "SetTcpNoDelay", "SetReconnectInterval", "SetReconnectAttempts"},
		"IRTMPStatusNotify": {"SetStatusNotifyHandler"},
		"IRTMPMetadataSink": nil,
	}
	for _, face := range Interfaces() {
		var names []string
		for _, m := range face.Methods {
			names = append(names, m.Name)
		}
		require.Contains(t, known, face.Name)
		require.Subset(t, names, known[face.Name])
	}
	for name, want := range map[string]struct {
		property string
		kind     Kind
	}{"reconnect-unlimited": {"UnlimitedReconnect", Bool}, "publish-mode": {"PublishMode", Choice}} {
		o, ok := At(IndexOf(name))
		require.True(t, ok)
		require.Equal(t, want.property, o.Property)
		require.Equal(t, want.kind, o.Kind)
	}
	require.Equal(t, -1, IndexOf("no-such-option"))
	for _, outside := range []int{-1, len(Options())} {
		_, ok := At(outside)
		require.False(t, ok)
	}
}
