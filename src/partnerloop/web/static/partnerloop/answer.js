// A form counts where somebody really pressed: a script alone cannot make a trusted event.
const how = document.querySelector('form input[name="how"]');
if (how) {
  how.value = "script";
  for (const kind of ["pointerdown", "touchstart", "keydown"]) {
    how.form.addEventListener(kind, (event) => {
      if (event.isTrusted) how.value = "gesture";
    });
  }
}
